"""Pure decisions about the queue, the parcels and what carriers say."""
