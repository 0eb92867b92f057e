"""Speed of qrbridge on this machine, as ratios measured in one run."""
