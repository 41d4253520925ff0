cat "$QY_DATA"
