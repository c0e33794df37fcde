"""The local cloud: AWS and SES on one machine, with no account."""
