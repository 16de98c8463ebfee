package qr

const minFields = 7
