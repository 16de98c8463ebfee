// Runs the package in directory argv[2] on port argv[3] of loopback, which its own
// command does not confine itself to.
const { app } = require(require('path').resolve(process.argv[2], 'app.js'))
app.listen(Number(process.argv[3]), '127.0.0.1')
