"""Where the facts come from: AWS, the DNS and this machine, in our own words."""
