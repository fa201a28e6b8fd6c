/* Each function loads only what it needs. */
export const renderImages = async (event) => (await import('./render-images.ts')).renderImages(event);
export const smokeTest = async (event) => (await import('./smoke-test.ts')).smokeTest(event);
export const promote = async (event) => (await import('./promote.ts')).promote(event);
