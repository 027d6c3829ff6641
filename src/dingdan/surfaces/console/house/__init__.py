"""Desks and stations of the warehouse: work, picking, packing, inspecting, stock, and what channels are told."""
