// Package web draws the pages of the reference platform: the steps of a login,
// which the engine asks for (platform.Pages), and the platform's own pages around
// them. The engine makes every decision; a page shows and asks.
//
// Each page is a template of the step's name in templates, with its words in
// both languages beside each other. The form of a step posts exactly the fields
// that package platform documents, so that programs can fill it in as people do.
//
// The look is the project's own: no state emblem, no ministry's logo, none of the
// colours of VNeID's app.
package web
