// Shaders are imported as text by Vite, which inlines them into the build.
/// <reference types="vite/client" />
