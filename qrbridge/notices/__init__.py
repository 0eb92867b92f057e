"""What the paper says: notices, drafts on the way to one, approval, and how they will look."""
