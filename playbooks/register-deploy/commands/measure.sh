echo "entries $(wc -l < "$QY_DATA")"
echo "sha256 $(sha256sum < "$QY_DATA" | cut -c 1-64)"
