"""What a run on the local cloud would be charged for on AWS, counted call by call."""
