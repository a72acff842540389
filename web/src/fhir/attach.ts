// SPDX-License-Identifier: Apache-2.0
// A file becomes a Binary, and an Attachment that points to it.
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

/**
 * Under ${id}, a random UUID: a second try stores the same bytes, and not others beside them.
 * Whoever may read ${context} may read them.
 */
export function uploadAs(id: string, file: PickedFile, at: string, context: Reference): Upload {
  const binary: Binary = { resourceType: 'Binary', id, contentType: file.type, securityContext: context, data: file.base64 };
  return {
    entry: { resource: binary, request: { method: 'PUT', url: `Binary/${id}` } },
    attachment: { contentType: file.type, url: `Binary/${id}`, size: file.size, title: file.name, creation: at },
  };
}
