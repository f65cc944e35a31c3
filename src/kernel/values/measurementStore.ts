/** Where measured CTs are kept between runs. */
import type { Remark } from '../../protocol/remark.ts';
import type { MeasuredMaps } from '../lungs/quantification.ts';

/** What was measured, kept between runs by keys that hold everything it depends on; undefined where it is not there. */
export interface MeasurementStore {
  json<T>(key: string): Promise<T | undefined>;
  putJson(key: string, value: unknown): Promise<void>;
  /** Reads nothing of it. */
  hasJson(key: string): Promise<boolean>;
  bytes(key: string): Promise<Buffer | undefined>;
  putBytes(key: string, bytes: Uint8Array): Promise<void>;
  hasMaps(key: string): Promise<boolean>;
  maps(key: string): Promise<MeasuredMaps | undefined>;
  putMaps(key: string, maps: MeasuredMaps): Promise<void>;
  /** Why what was put under the key, tables or maps, is in memory alone. */
  unkept(key: string): Remark | undefined;
  /** On what hindered it since it was last asked; nothing of it costs a result. */
  remarks(): Remark[];
}
