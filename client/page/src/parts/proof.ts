// The file that proves to anybody what the towns agreed to, put into the browser's downloads.
import { get } from "../base/api";
import { at, lastFailure } from "../base/store";
import type { Failure } from "../base/api";

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export async function downloadProof(record: string): Promise<void> {
  try {
    const proof = await get<{ name: string; bytes: string }>(at(`/records/${record}/proof`));
    const address = URL.createObjectURL(new Blob([bytesOf(proof.bytes)], { type: "application/octet-stream" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = proof.name;
    link.click();
    URL.revokeObjectURL(address);
  } catch (failure) {
    lastFailure.value = failure as Failure;
  }
}
