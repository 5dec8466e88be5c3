"""From a drop to Send: the page that takes files, and the sheet on which they are reviewed."""
