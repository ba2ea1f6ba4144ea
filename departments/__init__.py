"""THE SOCKET: what a department is, and how it is found."""
