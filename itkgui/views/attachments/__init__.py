"""The attachments of a component, a run or a shipment: in rows, in a gallery, and the chosen one."""
