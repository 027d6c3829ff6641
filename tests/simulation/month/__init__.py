"""A month of the whole house: buyers, warehouses, carriers that lose and delay, staff that works what goes wrong."""
