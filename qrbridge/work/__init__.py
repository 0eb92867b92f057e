"""Long work and e-mail: jobs, the queue that tells of them, and files shared between machines."""
