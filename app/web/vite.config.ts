import { fileURLToPath } from 'node:url'
import { quasar } from '@quasar/vite-plugin'
import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import { docs } from './scripts/docs.mjs'
import { icons } from './scripts/icons.mjs'
import { pdf } from './scripts/pdf.mjs'

const server = process.env.QIMING_URL ?? 'http://127.0.0.1:8080'
const ours = Object.fromEntries(['/api', '/openapi.json', '/healthz', '/readyz'].map((path) => [path, { target: server }]))

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  plugins: [
    icons(),
    vue(),
    quasar(),
    docs(),
    pdf(),
    VitePWA({
      registerType: 'prompt',
      injectRegister: false,
      manifest: {
        name: '启明',
        short_name: '启明',
        description: '学习与考试平台',
        lang: 'zh-CN',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#f5f6f8',
        theme_color: '#b3181e',
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      workbox: {
        globPatterns: ['index.html', 'assets/**/*.{js,css}', '*.{svg,png,webmanifest}'],
        // Work areas are for desks with a network; the docs page is no part of the client; formulas, documents and films are rare.
        globIgnores: ['docs/**', 'assets/work-*', 'assets/MathText-*', 'assets/pdfjs-*', 'assets/hls-*'],
        navigateFallback: '/index.html',
        navigateFallbackDenylist: [/^\/api\//, /^\/docs/, /^\/openapi/, /^\/healthz/, /^\/readyz/, /^\/metrics/],
        cleanupOutdatedCaches: true,
        runtimeCaching: [],
      },
    }),
  ],
  build: {
    target: 'es2020',
    manifest: true,
    sourcemap: false,
    chunkSizeWarningLimit: 400,
    rolldownOptions: {
      output: {
        chunkFileNames: (chunk) => (chunk.moduleIds.some((id) => id.includes('/pages/work/')) ? 'assets/work-[name]-[hash].js' : 'assets/[name]-[hash].js'),
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: { host: '127.0.0.1', proxy: ours },
  preview: { host: '127.0.0.1', proxy: ours },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts', 'src/**/*.test.ts'],
    restoreMocks: true,
  },
})
