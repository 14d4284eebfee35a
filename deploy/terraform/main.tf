# What Trailsift reads: a CloudTrail trail of all regions, its bucket, the queue that names each
# delivered file, and a role that may read both.

terraform {
  required_version = ">= 1.3"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  # Before any resource: policies name the trail, and the trail needs the policies.
  trail_arn = "arn:${local.partition}:cloudtrail:${data.aws_region.current.name}:${local.account}:trail/${var.trail_name}"
  logs_arn  = var.key_prefix == "" ? "${aws_s3_bucket.logs.arn}/AWSLogs" : "${aws_s3_bucket.logs.arn}/${var.key_prefix}/AWSLogs"
  folders   = var.organization_id == "" ? [local.account] : [local.account, var.organization_id]
}

# --- the bucket ----------------------------------------------------------------------------------

resource "aws_s3_bucket" "logs" {
  bucket = var.bucket_name

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    bucket_key_enabled = var.kms_key_arn != ""

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == "" ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn == "" ? null : var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  count  = var.expire_after_days > 0 ? 1 : 0
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "expire"
    status = "Enabled"
    filter {}

    expiration {
      days = var.expire_after_days
    }

    noncurrent_version_expiration {
      noncurrent_days = var.expire_after_days
    }
  }
}

data "aws_iam_policy_document" "bucket" {
  statement {
    sid       = "CloudTrailChecksTheBucket"
    effect    = "Allow"
    actions   = ["s3:GetBucketAcl"]
    resources = [aws_s3_bucket.logs.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }

  statement {
    sid       = "CloudTrailDelivers"
    effect    = "Allow"
    actions   = ["s3:PutObject"]
    resources = [for folder in local.folders : "${local.logs_arn}/${folder}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "s3:x-amz-acl"
      values   = ["bucket-owner-full-control"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }

  statement {
    sid       = "OnlyByTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.logs.arn, "${aws_s3_bucket.logs.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket     = aws_s3_bucket.logs.id
  policy     = data.aws_iam_policy_document.bucket.json
  depends_on = [aws_s3_bucket_public_access_block.logs]
}

# --- the topic -----------------------------------------------------------------------------------

resource "aws_sns_topic" "deliveries" {
  name = "${var.trail_name}-deliveries"
}

data "aws_iam_policy_document" "topic" {
  statement {
    sid       = "CloudTrailAnnounces"
    effect    = "Allow"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.deliveries.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }

  statement {
    sid       = "OnlyByTls"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.deliveries.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sns_topic_policy" "deliveries" {
  arn    = aws_sns_topic.deliveries.arn
  policy = data.aws_iam_policy_document.topic.json
}

# --- the queue -----------------------------------------------------------------------------------

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.trail_name}-dead-letters"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "deliveries" {
  name                       = "${var.trail_name}-deliveries"
  message_retention_seconds  = 1209600
  receive_wait_time_seconds  = 20
  visibility_timeout_seconds = 300
  sqs_managed_sse_enabled    = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 10
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.deliveries.arn]
  })
}

data "aws_iam_policy_document" "queue" {
  statement {
    sid       = "TopicSends"
    effect    = "Allow"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.deliveries.arn]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.deliveries.arn]
    }
  }

  statement {
    sid       = "OnlyByTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.deliveries.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "deliveries" {
  queue_url = aws_sqs_queue.deliveries.id
  policy    = data.aws_iam_policy_document.queue.json
}

resource "aws_sns_topic_subscription" "deliveries" {
  topic_arn  = aws_sns_topic.deliveries.arn
  protocol   = "sqs"
  endpoint   = aws_sqs_queue.deliveries.arn
  depends_on = [aws_sqs_queue_policy.deliveries]
}

# --- the trail -----------------------------------------------------------------------------------

resource "aws_cloudtrail" "trail" {
  name                          = var.trail_name
  s3_bucket_name                = aws_s3_bucket.logs.id
  s3_key_prefix                 = var.key_prefix == "" ? null : var.key_prefix
  sns_topic_name                = aws_sns_topic.deliveries.name
  kms_key_id                    = var.kms_key_arn == "" ? null : var.kms_key_arn
  enable_logging                = true
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
  is_organization_trail         = var.organization_id != ""
  depends_on                    = [aws_s3_bucket_policy.logs, aws_sns_topic_policy.deliveries]
}

# --- the role ------------------------------------------------------------------------------------

data "aws_iam_policy_document" "reader" {
  statement {
    sid    = "TakeMessages"
    effect = "Allow"
    actions = [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueAttributes",
    ]
    resources = [aws_sqs_queue.deliveries.arn]
  }

  statement {
    sid       = "ReadFiles"
    effect    = "Allow"
    actions   = ["s3:GetObject"]
    resources = ["${local.logs_arn}/*"]
  }

  statement {
    sid       = "ListFiles"
    effect    = "Allow"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.logs.arn]
  }

  statement {
    sid       = "ReadPublicKeys"
    effect    = "Allow"
    actions   = ["cloudtrail:ListPublicKeys"]
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = var.kms_key_arn == "" ? [] : [var.kms_key_arn]

    content {
      sid       = "DecryptFiles"
      effect    = "Allow"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]
    }
  }
}

data "aws_iam_policy_document" "assume_reader" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = var.reader_principal_arn == "" ? "Service" : "AWS"
      identifiers = [var.reader_principal_arn == "" ? "ec2.amazonaws.com" : var.reader_principal_arn]
    }
  }
}

resource "aws_iam_policy" "reader" {
  name        = "${var.trail_name}-reader"
  description = "What Trailsift needs to read delivered files"
  policy      = data.aws_iam_policy_document.reader.json
}

resource "aws_iam_role" "reader" {
  name               = "${var.trail_name}-reader"
  assume_role_policy = data.aws_iam_policy_document.assume_reader.json
}

resource "aws_iam_role_policy_attachment" "reader" {
  role       = aws_iam_role.reader.name
  policy_arn = aws_iam_policy.reader.arn
}

resource "aws_iam_instance_profile" "reader" {
  count = var.reader_principal_arn == "" ? 1 : 0
  name  = "${var.trail_name}-reader"
  role  = aws_iam_role.reader.name
}
