"""Amazon SES on your own machine: quotas, mails, an inbox and the events that follow a send."""
