/** The service that is swept, and what it ran before. */
export const SERVICE = { cluster: 'demo', service: 'shop' };
export const HEALTHY = 'arn:aws:ecs:us-east-1:000000000000:task-definition/shop:1';
