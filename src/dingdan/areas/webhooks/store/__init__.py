"""Every statement about where events are sent."""
