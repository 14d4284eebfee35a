variable "trail_name" {
  description = "Name of the trail."
  type        = string
  default     = "trailsift"
}

variable "bucket_name" {
  description = "Name of the bucket. Bucket names are global."
  type        = string
}

variable "key_prefix" {
  description = "What keys in the bucket begin with, without a slash at the end; may be empty."
  type        = string
  default     = ""
}

variable "organization_id" {
  description = "Id of the organisation, to log all its accounts from the management account. Empty for this account alone."
  type        = string
  default     = ""
}

variable "expire_after_days" {
  description = "Days after which delivered files are deleted; 0 keeps them."
  type        = number
  default     = 0
}

variable "kms_key_arn" {
  description = "Key that CloudTrail encrypts files with; its policy must let CloudTrail use it. Empty for encryption with keys of S3."
  type        = string
  default     = ""
}

variable "reader_principal_arn" {
  description = "Who may assume the role. Empty for EC2 instances of this account."
  type        = string
  default     = ""
}
