"""Where each code leads: the rules, this machine's own map of them, and the redirect itself."""
