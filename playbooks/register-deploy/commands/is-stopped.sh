sv status "$QY_SERVICE" | grep -q '^down:'
