/** Starts tasks and the traffic process, says where they listen, and waits to be killed. */
import { processRunner } from '../../../../sandbox/processes/runner.ts';
import { shopImages } from '../../../../sandbox/shop/images.ts';
import { startTraffic } from '../../../../sandbox/traffic/start.ts';

const directory = process.argv[2] ?? '';
const image = shopImages().resolve('shop:healthy');
if (!image) throw new Error('There is no shop:healthy.');
const runner = processRunner({ logDirectory: directory });
const traffic = await startTraffic({
  truthFile: `${directory}/truth.jsonl`,
  loadBalancerArn: 'app/shop/1',
  targetGroupArn: 'shop',
});
const ports = await Promise.all(['one', 'two'].map((taskId) => runner.start({ taskId, ...image }).listening));
process.send?.([
  ...ports.map((port) => `http://127.0.0.1:${port}/`),
  traffic.edgeUrl,
  traffic.loadBalancerUrl,
]);
