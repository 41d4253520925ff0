cat > "$QY_DATA.new"
sync "$QY_DATA.new"
mv "$QY_DATA.new" "$QY_DATA"
