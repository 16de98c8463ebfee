#!/bin/sh
# Makes the pictures of this folder with tools that share nothing with the
# package: qrencode 4.1.1, ImageMagick 6.9.11, ExifTool 12.57 (Debian bookworm:
# qrencode imagemagick libimage-exiftool-perl).
#
# accepted/NAME.txt is the exact payload of accepted/NAME.*. A picture in refused
# has its accepted twin under the same name, and differs only in what the
# comment says. The person is invented.
set -e
cd "$(dirname "$0")"
rm -rf accepted refused
mkdir accepted refused
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

card='999090000001|000000001|Nguyễn Thị Thử Nghiệm|01011990|Nữ|Số 1 Phố Mẫu, Phường Thử, Tỉnh Không Có|01052021'
accepted() { # name, text, qrencode options
	name=$1 text=$2
	shift 2
	printf %s "$text" >"accepted/$name.txt"
	printf %s "$text" | qrencode -s 3 -o "accepted/$name.png" "$@"
}

# The modes and levels as another encoder writes them.
accepted card-l "$card" -8 -l L
accepted card-h "$card" -8 -l H
accepted alphanumeric 'VN1:6BF.0LUT/CT91:+%$ -*' -l M
accepted digits 0123456789012345678901234567890 -l Q
accepted version-30 "$card" -8 -v 30 -l M
accepted black-on-nothing "$card" -8 --background=FFFFFF00
accepted light-on-dark "$card" -8 --foreground=FFFFFF --background=000000

# Refused: three fifths of the symbol are covered instead of a corner.
accepted damaged "$card" -8 -l M
convert accepted/damaged.png -fill black -draw 'rectangle 110,110 122,122' "$temp/d.png"
convert accepted/damaged.png -fill black -draw 'rectangle 36,60 140,140' refused/damaged.png
mv "$temp/d.png" accepted/damaged.png

# Refused: the second code is not the same as the first.
accepted two FIRST
qrencode -s 3 -o "$temp/other.png" OTHER
convert accepted/two.png "$temp/other.png" +append +repage refused/two.png
convert accepted/two.png accepted/two.png +append +repage "$temp/t.png"
mv "$temp/t.png" accepted/two.png

# Refused: the first of two symbols of one message (structured append).
accepted part "$card" -8
qrencode -S -v 5 -8 -s 3 -o "$temp/part.png" "$card"
mv "$temp/part-01.png" refused/part.png

# Refused: the same letters in kanji mode, which carries Shift-JIS.
accepted kanji 日本 -8
printf '\223\372\226\173' | qrencode -k -s 3 -o refused/kanji.png

# Refused: the same letters as bytes of Windows-1258.
accepted legacy 'Nữ' -8
printf 'N\375\323' | qrencode -8 -s 3 -o refused/legacy.png

# Refused: a Micro QR code.
accepted micro 12345
qrencode -M -v 2 -s 3 -o refused/micro.png 12345

# Not refused, but turned: accepted/exif-N.jpg is stored so that orientation N
# shows it upright. All eight show the same picture.
printf UPRIGHT >"$temp/upright.txt"
qrencode -s 4 -o "$temp/q.png" UPRIGHT
convert "$temp/q.png" -background white -gravity northwest -extent 200x140 "$temp/up.png"
n=1
for turn in '' -flop '-rotate 180' -flip -transpose '-rotate 270' -transverse '-rotate 90'; do
	# shellcheck disable=SC2086
	convert "$temp/up.png" $turn -quality 90 "accepted/exif-$n.jpg"
	exiftool -q -overwrite_original -n "-Orientation=$n" "accepted/exif-$n.jpg"
	cp "$temp/upright.txt" "accepted/exif-$n.txt"
	convert "accepted/exif-$n.jpg" -auto-orient "$temp/shown-$n.png"
	different=$(compare -metric AE -fuzz 20% "$temp/shown-1.png" "$temp/shown-$n.png" null: 2>&1) || true
	test "$different" -lt 20
	n=$((n + 1))
done

# Progressive, grey, palette, other containers.
convert "$temp/up.png" -interlace JPEG -quality 90 accepted/progressive.jpg
convert "$temp/up.png" accepted/picture.gif
convert "$temp/up.png" -interlace PNG PNG32:accepted/interlaced.png
convert "$temp/up.png" -depth 16 PNG48:accepted/deep.png
convert "$temp/up.png" -colorspace CMYK accepted/cmyk.jpg
for f in progressive picture interlaced deep cmyk; do cp "$temp/upright.txt" "accepted/$f.txt"; done
