/**
 * `node:http`, not by `import`: that reads everything the module exports, WebSockets too, for which Node.js loads its fetch.
 * A function would start cold by a third slower.
 */
export const nodeHttp = process.getBuiltinModule('node:http');
