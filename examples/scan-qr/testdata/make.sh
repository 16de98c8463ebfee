#!/bin/sh
# Pillow (Debian: python3-pil) saves the quickstart's photo as WebP.
cd "$(dirname "$0")" && /usr/bin/python3 -c "
from PIL import Image
Image.open('../../quickstart/testdata/card.jpg').save('card.webp', quality=35)"
