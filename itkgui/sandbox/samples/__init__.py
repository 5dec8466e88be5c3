"""The files that hang on the sample data, made when somebody asks for them."""
