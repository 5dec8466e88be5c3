"""The page of a component, and the components that are open or at hand."""
