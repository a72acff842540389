// SPDX-License-Identifier: Apache-2.0
// A file becomes a Binary, and an Attachment that points to it, in one transaction.
import { newUuid } from '../lib/ids';
import type { PickedFile } from '../lib/files';
import type { Attachment, Binary, BundleEntry, Reference, Resource } from './types';

export function create(resource: Resource, uuid = newUuid()): BundleEntry {
  return { fullUrl: `urn:uuid:${uuid}`, resource, request: { method: 'POST', url: resource.resourceType } };
}

export interface Upload {
  entry: BundleEntry;
  attachment: Attachment;
}

/** The same under ${id}, a random UUID: a second try stores the same bytes, and not others beside them. */
export function uploadAs(id: string, file: PickedFile, at: string, context: Reference): Upload {
  const binary: Binary = { resourceType: 'Binary', id, contentType: file.type, securityContext: context, data: file.base64 };
  return {
    entry: { resource: binary, request: { method: 'PUT', url: `Binary/${id}` } },
    attachment: { contentType: file.type, url: `Binary/${id}`, size: file.size, title: file.name, creation: at },
  };
}

/** ${context}: whoever may read that record may read the bytes. */
export function upload(file: PickedFile, at: string, context: Reference): Upload {
  const binary: Binary = { resourceType: 'Binary', contentType: file.type, securityContext: context, data: file.base64 };
  const entry = create(binary);
  const attachment: Attachment = {
    contentType: file.type,
    url: entry.fullUrl ?? '',
    size: file.size,
    title: file.name,
    creation: at,
  };
  return { entry, attachment };
}
