"""What runs on your own machine: the `hato` command and the local cloud."""
