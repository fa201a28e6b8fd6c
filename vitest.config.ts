import { defineConfig } from 'vitest/config';

const quick = { testTimeout: 20_000, hookTimeout: 20_000, maxWorkers: 2 };
/** Files of a worker share its modules, which saves half of the time; what they change of the process is put back. */
const shared = {
  ...quick,
  isolate: false,
  restoreMocks: true,
  setupFiles: ['test/fixtures/own-environment.ts'],
};

/** Whole drills wait for most of their time. Projects of a group go in the order of their names: the long sweep is not the last. */
const beside = { sequence: { groupOrder: 1 }, maxWorkers: 3 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'drill',
          include: ['test/{lib,functions,statemachines,plans,bin}/**/*.test.ts'],
          ...shared,
        },
      },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], ...quick } },
      { test: { name: 'sandbox', include: ['test/sandbox/**/*.test.ts'], ...shared, testTimeout: 30_000 } },
      { test: { name: 'infra', include: ['test/infra/**/*.test.ts'], ...shared, testTimeout: 60_000 } },
      {
        test: {
          name: 'whole-drills',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/fixtures/bundled-functions.ts', 'test/e2e/fixtures/shared-sandbox.ts'],
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          ...beside,
        },
      },
      { test: { name: 'sweep', include: ['test/sweep/**/*.test.ts'], testTimeout: 120_000, ...beside } },
    ],
  },
});
