"""What the paper brought, and what needs somebody."""
