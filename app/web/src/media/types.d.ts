// The light build of hls.js (no captions, no encryption) has the types of the whole.
declare module 'hls.js/light' {
  export { default } from 'hls.js'
  export * from 'hls.js'
}
