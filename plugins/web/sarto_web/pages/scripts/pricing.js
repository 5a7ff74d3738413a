/** What a configuration costs. */
export class Pricing {}
