package main

import _ "golang.org/x/image/webp" // what browsers and chat programs save; qrimage reads every registered format
