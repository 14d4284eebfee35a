import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A record of CloudTrail, or anything that may come in its place. */
export type LogRecord = Record<string, unknown>;

function binary(variable: string): string {
  const path = process.env[variable];
  if (!path) throw new Error(`expected ${variable} to name a program; ctest sets it`);
  return path;
}

function runToEnd(variable: string, arguments_: readonly string[], expected = 0): void {
  const program = binary(variable);
  const { status, stderr } = spawnSync(program, arguments_, { encoding: 'utf8' });
  if (status !== expected) throw new Error(`${program} ${arguments_.join(' ')}: ${status}: ${stderr}`);
}

/** Runs a command of the program, which must end with `expected`. */
export function trailsift(arguments_: readonly string[], expected = 0): void {
  runToEnd('TRAILSIFT_BIN', arguments_, expected);
}

/** What is in a store before it is served, and how it is served. */
export interface Setup {
  /** Fills `logs`, which is then indexed, and may add to `data`. Without it the store is empty. */
  fill?: (logs: string, data: string) => void;
  /** More arguments of `trailsift serve`. */
  serve?: readonly string[];
}

/** The server over a store of its own, below a new directory. */
export class Program {
  private server: ChildProcess | undefined;

  private constructor(
    readonly url: string,
    private readonly root: string,
    private readonly serve: readonly string[],
  ) {}

  /** Indexes these records and serves them. */
  static async overRecords(records: readonly LogRecord[]): Promise<Program> {
    return Program.over({
      fill: logs =>
        writeFileSync(join(logs, 'records.ndjson'), records.map(one => `${JSON.stringify(one)}\n`).join('')),
    });
  }

  /** Indexes events of the generator and serves them. */
  static async overGenerated(events: number): Promise<Program> {
    return Program.over({ fill: logs => generate(events, logs) });
  }

  static async over({ fill, serve = [] }: Setup): Promise<Program> {
    const root = mkdtempSync(join(tmpdir(), 'trailsift-e2e-'));
    const [logs, data] = [join(root, 'logs'), join(root, 'data')];
    if (fill) {
      mkdirSync(logs);
      mkdirSync(data);
      fill(logs, data);
      trailsift(['index', logs, '--data', data]);
    }
    const arguments_ = ['serve', '--data', data, ...serve];
    const [server, url] = await listening([...arguments_, '--listen', '127.0.0.1:0']);
    const program = new Program(url, root, [...arguments_, '--listen', new URL(url).host]);
    program.server = server;
    return program;
  }

  /** Ends the server; `resume` starts it again at the same address. */
  async pause(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    const exited = new Promise<void>(resolve => server.once('exit', () => resolve()));
    server.kill('SIGTERM');
    await exited;
  }

  async resume(): Promise<void> {
    [this.server] = await listening(this.serve);
  }

  async stop(): Promise<void> {
    await this.pause();
    rmSync(this.root, { recursive: true });
  }
}

/** Events of the generator, as files below `directory`. */
export function generate(events: number, directory: string): void {
  runToEnd('GENERATE_EVENTS_BIN', ['--events', `${events}`, '--seed', '1', '--out', directory]);
}

/** A server and its URL, once it answers. */
async function listening(arguments_: readonly string[]): Promise<[ChildProcess, string]> {
  const server = spawn(binary('TRAILSIFT_BIN'), arguments_, { stdio: ['ignore', 'ignore', 'pipe'] });
  const log: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: server.stderr }).on('line', line => {
      log.push(line);
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found) resolve(found[0]);
    });
    server.once('exit', code => reject(new Error(`the server ended with ${code}: ${log.join('\n')}`)));
  });
  return [server, url];
}

/** An ordinary record, `number` hours after the first of July 2021. */
export function record(number: number, members: LogRecord = {}): LogRecord {
  return {
    eventVersion: '1.08',
    eventID: `e${number}`,
    eventTime: new Date(Date.UTC(2021, 6, 1, number)).toISOString().replace('.000', ''),
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    awsRegion: 'us-east-1',
    sourceIPAddress: '198.51.100.7',
    userAgent: 'aws-cli/2.9',
    userIdentity: { type: 'IAMUser', userName: 'alice', accountId: '111122223333' },
    ...members,
  };
}
