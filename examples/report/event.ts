/** TensorBoard's Event message (tensorboard/compat/proto/event.proto and what it holds) as bytes. */
import { PbfWriter } from 'pbf';

/** What an event says. */
export interface Event {
  /** Seconds since 1970. */
  wallTime: number;
  step: number;
  /** The format's version: a file's first event, and no other, has it. */
  fileVersion?: string;
  /** Whether the program begins here, so that what was before at this step or later is void. */
  start?: boolean;
  value?: { tag: string } & ({ scalar: number } | { text: string });
}

type Value = NonNullable<Event['value']>;

/** `DataType.DT_STRING`. */
const STRING = 7;
/** `SummaryMetadata.DataClass`. */
const DATA_CLASS_TENSOR = 2;
/** `SessionLog.SessionStatus.START`. */
const START = 1;

/** The event's bytes, the numbers being those of the fields in the `.proto` files. */
export function encodeEvent({ wallTime, step, fileVersion, start, value }: Event): Uint8Array {
  const event = new PbfWriter();
  event.writeDoubleField(1, wallTime);
  event.writeVarintField(2, step);
  if (fileVersion !== undefined) event.writeStringField(3, fileVersion);
  if (value !== undefined) event.writeMessage(5, writeSummary, value);
  if (start) event.writeMessage(7, writeSessionLog, START);
  return event.finish();
}

function writeSessionLog(status: number, pbf: PbfWriter): void {
  pbf.writeVarintField(1, status);
}

function writeSummary(value: Value, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeValue, value);
}

function writeValue(value: Value, pbf: PbfWriter): void {
  pbf.writeStringField(1, value.tag);
  if ('scalar' in value) {
    pbf.writeFloatField(2, value.scalar);
    return;
  }
  pbf.writeMessage(8, writeText, value.text);
  pbf.writeMessage(9, writeMetadata, 'text');
}

/** A TensorProto of one string; its shape, left out, is that of a scalar. */
function writeText(text: string, pbf: PbfWriter): void {
  pbf.writeVarintField(1, STRING);
  pbf.writeBytesField(8, new TextEncoder().encode(text));
}

/** A SummaryMetadata that names the plug-in which shows the value. */
function writeMetadata(plugin: string, pbf: PbfWriter): void {
  pbf.writeMessage(1, writePlugin, plugin);
  pbf.writeVarintField(4, DATA_CLASS_TENSOR);
}

function writePlugin(plugin: string, pbf: PbfWriter): void {
  pbf.writeStringField(1, plugin);
}
