/** Ignores SIGTERM, unless it is told to be `polite`, and has a child that ignores it. Tells the port that the child listens on. */
import { spawn } from 'node:child_process';

process.on('SIGTERM', () => process.argv[2] === 'polite' && process.exit(0));
const program = `
  process.on('SIGTERM', () => {});
  const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port));
`;
const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
child.stdout.once('data', (line) => process.send?.({ port: Number(line) }));
