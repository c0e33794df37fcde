"""What can be known of a list before anything is sent: who is on it, who would get the mail, how long, for how much."""
