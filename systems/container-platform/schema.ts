import type { ColumnType, Generated, Insertable, Selectable } from "kysely";

/** The fifteen tables as Kysely's types; schema/postgres.sql and schema/mariadb.sql make them. */
export interface Schema {
  readonly users: UserTable;
  readonly groups: GroupTable;
  readonly user_group: MemberTable;
  readonly projects: ProjectTable;
  readonly config_files: ConfigFileTable;
  readonly resources: ResourceTable;
  readonly forms: FormTable;
  readonly form_messages: FormMessageTable;
  readonly container_repositories: RepositoryTable;
  readonly container_tags: TagTable;
  readonly image_requests: ImageRequestTable;
  readonly image_allow_lists: AllowListTable;
  readonly cluster_image_statuses: ImageStatusTable;
  readonly audit_logs: AuditLogTable;
  readonly course_workloads: WorkloadTable;
  readonly active_projects: ActiveProjectView;
  readonly group_members: GroupMemberView;
  readonly open_forms: OpenFormView;
  readonly pending_image_requests: PendingRequestView;
  readonly allowed_images: AllowedImageView;
}

export type UserRole = "user" | "manager" | "admin";
export type UserStatus = "active" | "suspended";
export type MemberRole = "member" | "manager" | "owner";
export type ResourceKind = "pod" | "deployment" | "service" | "config_map" | "ingress" | "job";
export type FormStatus = "pending" | "processing" | "completed" | "rejected";
export type RequestStatus = "pending" | "approved" | "rejected";
export type PullStatus = "waiting" | "pulling" | "pulled" | "failed";
export type AuditAction = "create" | "update" | "delete" | "restore" | "approve" | "reject";
export type WorkloadStatus = "queued" | "running" | "succeeded" | "failed";

interface Times {
  /** Written by the database, unless sample data has it otherwise. */
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface SoftlyDeleted {
  /** Written by ondelete. */
  deleted_at: ColumnType<Date | null, Date | null | undefined, never>;
}

interface UserTable extends Times {
  uid: string;
  username: string;
  email: string;
  full_name: string | null;
  role: Generated<UserRole>;
  status: Generated<UserStatus>;
}

interface GroupTable extends Times {
  gid: string;
  group_name: string;
  description: string | null;
}

interface MemberTable extends Times {
  uid: string;
  gid: string;
  role: Generated<MemberRole>;
}

interface ProjectTable extends Times, SoftlyDeleted {
  pid: string;
  gid: string;
  project_name: string;
  description: string | null;
  gpu_quota: Generated<number>;
}

interface ConfigFileTable extends Times, SoftlyDeleted {
  cfid: string;
  pid: string;
  filename: string;
  content: string;
}

interface ResourceTable extends Times {
  rid: string;
  cfid: string;
  kind: ResourceKind;
  name: string;
  definition: string | null;
}

interface FormTable extends Times, SoftlyDeleted {
  id: string;
  user_id: string;
  project_id: string;
  title: string;
  description: string | null;
  tag: string | null;
  status: Generated<FormStatus>;
}

interface FormMessageTable extends Times, SoftlyDeleted {
  id: string;
  form_id: string;
  user_id: string;
  content: string;
}

interface RepositoryTable extends Times {
  id: string;
  registry: string;
  name: string;
}

interface TagTable extends Times {
  id: string;
  repository_id: string;
  name: string;
  digest: string | null;
  size_bytes: number | null;
}

interface ImageRequestTable extends Times, SoftlyDeleted {
  id: string;
  user_id: string;
  project_id: string;
  reviewer_id: string | null;
  image: string;
  tag: string;
  status: Generated<RequestStatus>;
  reviewer_note: string | null;
  reviewed_at: Date | null;
}

interface AllowListTable extends Times, SoftlyDeleted {
  id: string;
  project_id: string;
  tag_id: string;
  repository_id: string;
  request_id: string | null;
  created_by: string;
  is_enabled: Generated<boolean>;
}

interface ImageStatusTable extends Times {
  id: string;
  tag_id: string;
  status: Generated<PullStatus>;
  pulled_at: Date | null;
}

interface AuditLogTable {
  id: Generated<number>;
  user_id: string | null;
  actor_name: string;
  action: AuditAction;
  resource_type: string;
  resource_id: string;
  description: string | null;
  created_at: Generated<Date>;
}

interface WorkloadTable extends Times {
  id: string;
  user_id: string;
  project_id: string;
  name: string;
  image: string;
  status: Generated<WorkloadStatus>;
}

interface ActiveProjectView {
  pid: string;
  project_name: string;
  gid: string;
  group_name: string;
  gpu_quota: number;
  created_at: Date;
}

interface GroupMemberView {
  gid: string;
  group_name: string;
  uid: string;
  username: string;
  role: MemberRole;
}

interface OpenFormView {
  id: string;
  title: string;
  status: FormStatus;
  user_id: string;
  username: string;
  project_id: string;
  project_name: string;
  created_at: Date;
}

interface PendingRequestView {
  id: string;
  image: string;
  tag: string;
  user_id: string;
  username: string;
  project_id: string;
  project_name: string;
  created_at: Date;
}

interface AllowedImageView {
  id: string;
  project_id: string;
  registry: string;
  name: string;
  tag: string;
  digest: string | null;
  status: PullStatus;
}

export type Row<Table extends keyof Schema> = Selectable<Schema[Table]>;
export type NewRow<Table extends keyof Schema> = Insertable<Schema[Table]>;
