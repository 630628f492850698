"""Cards: metrics as data, their way from SQL to figure, drawing and table."""
