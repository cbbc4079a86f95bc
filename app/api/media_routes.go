package api

import (
	"net/http"

	"qiming/policies"
)

// mediaTable is every route of files.
func (a *API) mediaTable() {
	route(a, post, "/media", policies.MediaUpload, 201, "Keep a picture, sound or document that texts show", a.mediaUpload, upload())
	route(a, get, "/media/usage", policies.MediaUpload, 200, "What an organisation's files take", a.mediaUsage)
	route(a, get, "/files/{id}", policies.SiteRead, 200, "A file, by a link that the viewer was given", a.fileShow)
	route(a, get, "/files/{id}/stream/{e}/{s}/{part}", policies.SiteRead, 200, "A playlist or the segments of a video's stream (HLS), by a link that the viewer was given", a.streamShow)
	route(a, get, "/media/films", policies.JobRead, 200, "How the making ready of videos stands", a.filmsShow)

	// Uploads in parts: the tus protocol, and what became of them
	route(a, http.MethodOptions, "/uploads", policies.MediaUpload, 204, "What the server knows of the tus protocol", a.uploadOptions)
	route(a, get, "/uploads", policies.MediaUpload, 200, "One's own uploads that are under way or were refused", a.uploadList)
	route(a, post, "/uploads", policies.MediaUpload, 201, "Begin an upload in parts", a.uploadCreate)
	route(a, get, "/uploads/{id}", policies.MediaUpload, 200, "How far an upload is, and what became of it", a.uploadShow)
	route(a, patch, "/uploads/{id}", policies.MediaUpload, 204, "The next part", a.uploadReceive, upload())
	route(a, remove, "/uploads/{id}", policies.MediaUpload, 204, "End an upload and remove what is here of it", a.uploadAbort)
	route(a, post, "/uploads/{id}/finish", policies.MediaUpload, 200, "Try anew to keep what was refused for want of room", a.uploadFinish)

	// The material of an organisation
	route(a, get, "/material", policies.MediaUpload, 200, "Material that authors choose from, newest first", a.shelfList)
	route(a, get, "/material/{id}", policies.MediaUpload, 200, "One file of the material", a.shelfShow)
	route(a, patch, "/material/{id}", policies.MediaUpload, 200, "Rename a file", a.shelfSave)
	route(a, post, "/material/{id}/film", policies.MediaUpload, 200, "Make a video ready to be streamed anew, where that failed", a.filmBegin)
	route(a, post, "/material/{id}/subtitles", policies.MediaUpload, 200, "Give a video subtitles in a language: WebVTT or SRT", a.subtitleSave, upload())
	route(a, remove, "/material/{id}/subtitles/{lang}", policies.MediaUpload, 200, "Take the subtitles of a language away", a.subtitleDelete)
	route(a, remove, "/material/{id}", policies.MediaUpload, 204, "Remove a file that nothing shows", a.shelfDelete)
}
