"""Whether an account has everything that a campaign needs: asked of AWS and the DNS, and judged apart from that."""
