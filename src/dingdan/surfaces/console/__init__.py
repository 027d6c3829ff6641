"""The console: what staff of platform and merchants see. One file a desk; what a desk does is a command of an area."""
